import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import UploadIcon from 'lucide-react/icons/upload'
import { type DragEvent, type RefObject, useRef, useState } from 'react'
import { importsQuery } from '../../api/page-queries.ts'
import { describeError } from '../../api/problem.ts'
import type { ImportBatch } from '../../api/queries.ts'
import { useScope } from '../../api/session.ts'
import { Button, Skeleton, Time } from '../../parts/basics.tsx'
import { cx } from '../../parts/cx.ts'
import { AccountingBar } from '../../parts/figures.tsx'
import { formatCount, formatNumber } from '../../parts/format.ts'
import { showToast } from '../../parts/toast.ts'
import page from '../../shell/page.module.css'
import { PageError, PageHead, Section } from '../../shell/page.tsx'
import { useShortcuts } from '../../shell/shortcuts.ts'
import { ImportDialog } from './import-dialog.tsx'
import { accountingOf, ImportStatus } from './import-status.tsx'
import css from './imports.module.css'
import { type OpenedFile, openFile } from './run-import.ts'

const FILE_TYPES = '.csv,.tsv,.txt,.xlsx,.ndjson,.jsonl,.json,.gz,text/csv,text/tab-separated-values'

export function ImportsPage() {
  const imports = useQuery(importsQuery())
  const can_write = useScope('write')
  const [file, setFile] = useState<OpenedFile | null>(null)
  const [is_dragged, setDragged] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const open = async (chosen: File | undefined): Promise<void> => {
    if (!chosen) return
    try {
      setFile(await openFile(chosen))
    } catch (error) {
      showToast('The file cannot be read', { tone: 'bad', detail: describeError(error) })
    }
  }
  const onDrop = (event: DragEvent): void => {
    event.preventDefault()
    setDragged(false)
    if (can_write) void open(event.dataTransfer.files[0])
  }
  const choose = (): void => input.current?.click()
  useShortcuts(can_write ? [{ keys: 'c', label: 'Import a file', group: 'This page', run: choose }] : [])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a file may be dropped anywhere; the button does the same
    <div
      className={cx(css.page, is_dragged && css.dragged)}
      onDragOver={(event) => {
        event.preventDefault()
        setDragged(true)
      }}
      onDragLeave={(event) => event.currentTarget === event.target && setDragged(false)}
      onDrop={onDrop}
    >
      <PageHead title="Imports">
        {can_write && (
          <Button look="primary" onClick={choose}>
            <UploadIcon size={14} aria-hidden />
            Import a file
          </Button>
        )}
      </PageHead>
      <FileInput input={input} onChoose={(chosen) => void open(chosen)} />
      <div className={page.scroll}>
        <div className={page.content}>
          {can_write && <DropZone onChoose={choose} />}
          <ImportList imports={imports.data?.data} error={imports.error} onRetry={() => void imports.refetch()} />
        </div>
      </div>
      {file && <ImportDialog file={file} onClose={() => setFile(null)} />}
    </div>
  )
}

interface FileInputProps {
  input: RefObject<HTMLInputElement | null>
  onChoose: (file: File | undefined) => void
}

const FileInput = ({ input, onChoose }: FileInputProps) => (
  <input
    ref={input}
    type="file"
    className="visually-hidden"
    tabIndex={-1}
    aria-label="File to import"
    accept={FILE_TYPES}
    onChange={(event) => {
      onChoose(event.target.files?.[0])
      event.target.value = ''
    }}
  />
)

function DropZone({ onChoose }: { onChoose: () => void }) {
  return (
    <button type="button" className={css.drop} onClick={onChoose}>
      <UploadIcon size={20} aria-hidden />
      <b>Drop a file here, or choose one</b>
      <span>
        CSV, TSV, Excel, NDJSON or JSON, also packed with gzip. You see what would happen before anything is stored.
      </span>
    </button>
  )
}

interface ListProps {
  imports: readonly ImportBatch[] | undefined
  error: Error | null
  onRetry: () => void
}

function ImportList({ imports, error, onRetry }: ListProps) {
  if (error && !imports) return <PageError error={error} onRetry={onRetry} />
  if (!imports) return <Skeleton height={200} />
  if (imports.length === 0) return <p className={page.muted}>No file has been imported yet.</p>
  return (
    <Section title="Files" note={formatCount(imports.length, 'import')}>
      <div className={page.card}>
        {imports.map((batch) => (
          <Link
            key={batch.import_batch_id}
            to="/imports/$import_batch_id"
            params={{ import_batch_id: batch.import_batch_id }}
            className={page.record}
          >
            <span className={css.name}>
              <b>{batch.file_name ?? batch.import_batch_id}</b>
              <span className={page.muted}>
                {batch.created_by ?? 'somebody'}, <Time value={batch.created_at} />
              </span>
            </span>
            <ImportStatus batch={batch} />
            <span>
              <AccountingBar {...accountingOf(batch)} size="small" is_running={batch.batch_status === 'importing'} />
              {batch.updated_records > 0 && (
                <span className={css.updated}>{formatNumber(batch.updated_records)} updated</span>
              )}
            </span>
          </Link>
        ))}
      </div>
    </Section>
  )
}
