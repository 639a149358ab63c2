import type { Origin } from '../../ingest/statements/types.ts'
import { IMPORT_PROVIDER } from '../resolve-rows.ts'

/** Who takes an import back, for the statements that write on behalf of someone. It brings nothing itself. */
export const undoOrigin = (actor: string, at: Date): Origin => ({
  ...{ source: 'import', source_name: null, provider_name: IMPORT_PROVIDER, actor_id: null, actor_name: null },
  ...{ run_id: null, dataset_id: null, import_batch_id: null, scrape_params: null, actor, at },
})
