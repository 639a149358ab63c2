/** Texts that are remembered, of each kind. */
const REMEMBERED_TEXTS_MAX = 20_000

/** Reads texts that many leads have in common, such as names and cities, once. What comes after the limit is read each time. */
export class TextMemo<Value> {
  readonly #values = new Map<string, Value>()
  readonly #read: (text: string) => Value

  constructor(read: (text: string) => Value) {
    this.#read = read
  }

  get(text: string): Value {
    const known = this.#values.get(text)
    if (known !== undefined) return known
    const value = this.#read(text)
    if (this.#values.size < REMEMBERED_TEXTS_MAX) this.#values.set(text, value)
    return value
  }
}
