import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execFileAsync = promisify(execFile);

/** npm's error codes if its registry is unreachable. */
const UNREACHABLE =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|E50[234]|ENOTCACHED/;

/** Runs a program in a folder and returns its standard output. */
export async function runIn(folder: string, program: string, ...args: string[]): Promise<string> {
  // An outer `npm test --silent` would silence npm's errors here.
  const options = { cwd: folder, env: { ...process.env, npm_config_loglevel: 'error' }, maxBuffer: 2 ** 26 };
  try {
    return (await execFileAsync(program, args, options)).stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${program} ${args.join(' ')} failed:\n${stderr}${stdout}`, { cause: error });
  }
}

/** Whether `runIn` failed because npm cannot reach its registry. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof Error && UNREACHABLE.test(error.message);
}

export interface Packed {
  /** The tarball's name. */
  filename: string;
  /** Its files, relative to the root of the package. */
  files: { path: string }[];
}

/** Packs the built package in `root` into `folder`. */
export async function npmPack(root: string, folder: string): Promise<Packed> {
  const output = await runIn(root, 'npm', 'pack', '--ignore-scripts', '--json', '--pack-destination', folder);
  const [packed] = JSON.parse(output) as Packed[];
  if (!packed) throw new Error(`npm pack wrote no tarball: ${output}`);
  return packed;
}
