/** Returns "byte" for a count of 1, "bytes" for others. */
export function nounFor(count: number, noun: string): string {
  return count === 1 ? noun : `${noun}s`;
}

/** Returns "1 byte", "2 bytes". */
export function counted(count: number, noun: string): string {
  return `${count} ${nounFor(count, noun)}`;
}

/** Returns "1 byte follows", "2 bytes follow": the noun with a verb that agrees. */
export function countedWith(count: number, noun: string, verb: 'follow' | 'are missing'): string {
  const singular = verb === 'follow' ? 'follows' : 'is missing';
  return `${counted(count, noun)} ${count === 1 ? singular : verb}`;
}
