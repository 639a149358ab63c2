/** How a record is read: its position in the dataset, and whether its values have changed since. */
export interface Sighting {
  /** Offset in the dataset that is being made. */
  position: number
  /** Seed of the dataset that is being made (the record's own seed may be that of an earlier run). */
  run_seed: number
  /** True gives the record as it looks after a change: another phone, sometimes another name, another rating. */
  changed: boolean
}

/** One JSON object as an Actor would store it. */
export type Item = Record<string, unknown>

/** Generates the records of one kind of Actor; pure, so that any offset can be generated at any time. */
export interface Generator {
  item(seed: number, index: number, sighting: Sighting): Item
  /** What such an Actor stores if it found nothing or failed: never a lead. */
  junk(seed: number, index: number): Item
}
