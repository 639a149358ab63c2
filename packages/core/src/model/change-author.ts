/** Who makes a change, and through which interface. */
export interface ChangeAuthor {
  /** The API key's name, or the user of the command line. */
  actor: string
  event_source: 'api' | 'cli'
  at: Date
}
