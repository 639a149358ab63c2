export interface RawItem {
  /** The item's own JSON text. */
  raw: string
  /** The same, parsed. */
  value: unknown
}

/** `Item` is what the caller makes of each item. */
export interface DatasetPage<Item = RawItem> {
  items: Item[]
  bytes: number
  /** The server's clock when it answered, to the second; null when it does not say. */
  served_at: Date | null
  /** Items of the dataset as the server reports them. The figure lags. Null when it does not say. */
  total: number | null
  /** Why the answer broke off after these items, if it did. */
  broken_off: string | null
  /**
   * Converts the items after these, which were received with them: see `first_items`. Called at most once.
   * @throws ApifyTransientError if none can be read
   */
  readRest?: (() => Promise<DatasetPage<Item>>) | undefined
}

/**
 * Converts an item as soon as it is parsed. A page of parsed items that wait to be mapped costs a tenth of the sync's
 * processor time in garbage collection.
 */
export type ItemConverter<Item> = (value: unknown, raw: string) => Item

/** What was received of an answer. */
export interface Body {
  bytes: Buffer
  isCut: boolean
  brokenOff: string | null
}
