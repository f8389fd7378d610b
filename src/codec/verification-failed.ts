/** The error for a result that does not decode to its source. */
export function verificationFailed(): Error {
  return new Error(
    'verification failed: the output does not decode to the image. Please report this as a bug and attach the image',
  );
}
