import { type ErrorCode, PixrnnError } from '../errors.js';

/** A package that installing pixrnn does not bring, because few commands need it. */
export interface OptionalPackage {
  readonly name: string;
  /** As in `peerDependencies` of package.json. */
  readonly version: string;
}

/** Whether an import of the package failed because that very package is missing, and not a package that it imports. */
export function isNotInstalled(name: string, error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') return false;
  return error.message.includes(`'${name}'`) || error.message.includes(`'${name}/`);
}

export interface Need {
  /** The packages that `load` imports. */
  readonly packages: readonly OptionalPackage[];
  /** Start of the message where one is missing: `training needs TensorFlow.js`. */
  readonly why: string;
  /** The code of that error. */
  readonly code: ErrorCode;
}

/**
 * Returns what `load` imports.
 * @throws PixrnnError with the command that installs the packages, where one of them is missing
 */
export async function loadOptional<T>({ packages, why, code }: Need, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (!packages.some(({ name }) => isNotInstalled(name, error))) throw error;
    const names = packages.map(({ name, version }) => `${name}@${version}`).join(' ');
    const message = `${why}. Run \`npm install ${names}\`, with --global if pixrnn is installed globally.`;
    throw new PixrnnError(code, message, { cause: error });
  }
}
