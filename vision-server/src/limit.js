/**
 * A time limit beside a signal that ends the same.
 *
 * Not `AbortSignal.any` with `AbortSignal.timeout`: Node 20 collects those two as garbage while they
 * are waited for, and a server that hangs would be waited for until it closes the connection.
 */
export class Limit {
  /**
   * @param {AbortSignal} signal
   * @param {number} ms
   */
  constructor(signal, ms) {
    const own = new AbortController();
    this.signal = own.signal;
    /** Was it the time? */
    this.over = false;
    const stop = () => own.abort(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, {once: true});
    const timer = setTimeout(() => {
      this.over = true;
      own.abort();
    }, ms);
    /** To be called when nothing is waited for any more. */
    this.lift = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    };
  }
}
