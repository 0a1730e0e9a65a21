// Which sequence numbers have arrived: everything up to `seq`, and ranges ahead of it.

export class Received {
  constructor(seq = 0) {
    this.seq = seq;
    this.ahead = [];
  }

  /** Note that since+1 … seq arrived. */
  add(since, seq) {
    this.ahead.push([since, seq]);
    this.ahead.sort((one, other) => one[0] - other[0]);
    while (this.ahead.length && this.ahead[0][0] <= this.seq) {
      this.seq = Math.max(this.seq, this.ahead.shift()[1]);
    }
  }

  get hasHole() {
    return this.ahead.length > 0;
  }
}
