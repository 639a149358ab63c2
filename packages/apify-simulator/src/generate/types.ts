/** How one record is to be seen: where it stands in its dataset, and whether the far side has changed since. */
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

/** Makes the records of one kind of Actor; pure, so that any offset can be made at any time. */
export interface Generator {
  item(seed: number, index: number, sighting: Sighting): Item
  /** What such an Actor stores where it found nothing or failed: no lead can be made of it. */
  junk(seed: number, index: number): Item
}
