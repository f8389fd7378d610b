import { type ErrorCode, PixrnnError } from '../errors.js';

/** A package that is not installed with pixrnn, because few commands need it. */
export interface OptionalPackage {
  readonly name: string;
  /** As in `peerDependencies` of package.json. */
  readonly version: string;
}

/** Returns whether an import failed because this package is missing, rather than one that it imports. */
export function isNotInstalled(name: string, error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') return false;
  return error.message.includes(`'${name}'`) || error.message.includes(`'${name}/`);
}

export interface Need {
  /** The packages that `load` imports. */
  readonly packages: readonly OptionalPackage[];
  /** Start of the error message, for example `training needs TensorFlow.js`. */
  readonly why: string;
  /** The code of the error. */
  readonly code: ErrorCode;
}

/**
 * Returns the result of `load`, which imports the packages.
 * @throws PixrnnError with the command that installs the packages, if one of them is missing
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
