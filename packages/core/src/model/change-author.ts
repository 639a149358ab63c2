/** Who makes a change, and through which interface. */
export interface ChangeAuthor {
  /** The API key's name, the user of the command line, or what runs by schedule. */
  actor: string
  event_source: 'api' | 'cli' | 'system'
  at: Date
}
