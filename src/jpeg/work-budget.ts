import { PixrnnError } from '../errors.js';

/** Limits the time that a parser spends, in bytes read and blocks decoded: hostile files can demand many of either. */
export class WorkBudget {
  constructor(private remaining: number) {}

  get isSpent(): boolean {
    return this.remaining < 0;
  }

  /** Takes work that was done from the budget. */
  spend(work: number): void {
    this.remaining -= work;
  }

  /**
   * Takes work that is to be done from the budget.
   * @throws PixrnnError 'limit' if the budget is spent
   */
  charge(work: number): void {
    this.spend(work);
    if (this.isSpent) {
      throw new PixrnnError('limit', 'the JPEG file needs too much time for its length. Keep the file as it is.');
    }
  }
}
