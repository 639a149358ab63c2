/** Types of the columns that do not travel as text. */
export const columnTypes: Record<string, string> = {
  email_verified: 'boolean',
  phone_verified: 'boolean',
  additional_emails: 'jsonb',
  additional_phones: 'jsonb',
  tags: 'jsonb',
  company_id: 'integer',
  raw_data: 'json',
  scraped_at: 'timestamptz',
  data_quality_score: 'smallint',
  confidence_score: 'smallint',
  metadata: 'json',
}
export const castColumn = (column: string): string =>
  columnTypes[column] ? `${column}::${columnTypes[column]}` : column
