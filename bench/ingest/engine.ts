/** The rows of a page in the form that the engine takes fastest, for sales_leads, lead_sources, lead_events and lead_identities. */
export interface PreparedPage {
  tables: readonly unknown[]
}

/** A server, or a folder of files, to measure with. */
export interface BenchEngine {
  readonly name: string
  /** What the limit consists of. */
  readonly limit_name: string
  /** Version and the settings that matter. */
  readonly description: string
  /** A new database with the schema, or a copy of another; its URL. */
  create(template?: string): Promise<string>
  drop(url: string): Promise<void>
  /** Reads the leads of a database back as prepared pages, with their sources and events. */
  prepare(url: string, page_rows: number): Promise<PreparedPage[]>
  copyCompanies(from: string, to: string): Promise<void>
  /** The limit: loads prepared pages, one transaction each, on one connection; returns milliseconds. */
  loadPrepared(url: string, pages: readonly PreparedPage[]): Promise<number>
  stop(): Promise<void>
}
