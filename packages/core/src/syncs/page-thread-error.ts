/** The thread that reads pages has ended: what it was asked for will not come. */
export class PageThreadError extends Error {
  constructor(cause: unknown) {
    super('The thread that reads pages has ended.', { cause })
    this.name = 'PageThreadError'
  }
}
