/** Returns an integer >= 1, or `fallback` if the option is not given. */
export function countOption(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new Error(`--${name} must be an integer >= 1.`);
  return count;
}

/** Returns comma-separated words; none if the text is empty or the option is not given. */
export function listOption(text: string | undefined): string[] {
  return (text ?? '').split(',').filter((word) => word !== '');
}

/** Returns the part of the items that `part` names: "1/2" is every second one, starting with the first. */
export function partOf<T>(items: readonly T[], part: string): T[] {
  const [index, count] = part.split('/').map(Number);
  if (!Number.isInteger(index) || !Number.isInteger(count) || !index || !count || index < 1 || index > count) {
    throw new Error('--part must be two numbers such as 1/2.');
  }
  return items.filter((_, i) => i % count === index - 1);
}

/** Runs a program; if it throws, prints the error as one line and exits with code 1. */
export async function runMain(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    process.stderr.write(`bench: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
