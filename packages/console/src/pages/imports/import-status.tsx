import type { ImportBatch } from '../../api/queries.ts'
import { Badge, type Tone } from '../../parts/basics.tsx'

const tones: Record<ImportBatch['batch_status'], Tone> = {
  importing: 'info',
  completed: 'good',
  undoing: 'warn',
  undone: 'neutral',
}

export const ImportStatus = ({ batch }: { batch: ImportBatch }) => (
  <Badge tone={tones[batch.batch_status]}>{batch.batch_status}</Badge>
)

export const accountingOf = (batch: ImportBatch) => ({
  total: batch.total_records,
  created: batch.synced_records,
  duplicates: batch.duplicate_records,
  rejected: batch.failed_records,
})
