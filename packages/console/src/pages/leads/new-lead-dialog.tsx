import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { api, unwrap } from '../../api/client.ts'
import { describeError, fieldError, isApiError } from '../../api/problem.ts'
import { type Lead, queryClient } from '../../api/queries.ts'
import { restoreRow } from '../../list/change-row.ts'
import { leadName } from '../../list/lead-columns.tsx'
import { leadKind, refreshCounts } from '../../list/row-kinds.ts'
import { Banner, Button, Field, inputClass } from '../../parts/basics.tsx'
import css from '../../parts/dialogs.module.css'
import { Dialog } from '../../parts/popup.tsx'
import { offerUndo } from '../../shell/undo.ts'

const fields = [
  ['full_name', 'Name'],
  ['title', 'Title'],
  ['email', 'Email'],
  ['phone', 'Phone'],
  ['company_name', 'Company'],
  ['company_domain', 'Domain'],
  ['city', 'City'],
  ['country', 'Country'],
] as const

const ONE_OF = ['full_name', 'email', 'phone', 'company_name']

function readForm(form: HTMLFormElement): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const [name, value] of new FormData(form)) {
    const text = String(value).trim()
    if (text !== '')
      values[name] =
        name === 'tags'
          ? text
              .split(',')
              .map((tag) => tag.trim())
              .filter(Boolean)
          : text
  }
  return values
}

export default function NewLeadDialog({ onClose }: { onClose: () => void }) {
  const [error, setError] = useState<unknown>(null)
  const [is_busy, setBusy] = useState(false)
  const navigate = useNavigate()
  const create = async (form: HTMLFormElement, is_duplicate_allowed: boolean): Promise<void> => {
    const body = readForm(form)
    if (!ONE_OF.some((name) => body[name])) {
      setError(new Error('Give at least a name, an email, a phone or a company.'))
      return
    }
    setBusy(true)
    try {
      const query = is_duplicate_allowed ? { allow_duplicate: 'true' as const } : {}
      const lead = await unwrap(api.POST('/leads', { params: { query }, body }))
      onClose()
      tellCreated(lead)
      void navigate({ to: '/leads/$id', params: { id: String(lead.id) } })
    } catch (failure) {
      setError(failure)
      focusFirstError(form, failure)
    } finally {
      setBusy(false)
    }
  }
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    void create(event.currentTarget, false)
  }
  return (
    <Dialog title="New lead" onClose={onClose} width={560}>
      <form id="new-lead" className={css.form} onSubmit={submit}>
        <FormProblem error={error} onCreateAnyway={(form) => void create(form, true)} onClose={onClose} />
        <div className={css.two}>
          {fields.map(([name, label]) => (
            <Field key={name} label={label} error={fieldError(error, name)}>
              {(ids) => <input {...ids} name={name} className={inputClass} autoComplete="off" />}
            </Field>
          ))}
        </div>
        <Field label="Tags" hint="Several with commas between them." error={fieldError(error, 'tags')}>
          {(ids) => <input {...ids} name="tags" className={inputClass} />}
        </Field>
        <Field label="Notes" error={fieldError(error, 'notes')}>
          {(ids) => <textarea {...ids} name="notes" className={inputClass} rows={3} />}
        </Field>
        <Button type="submit" look="primary" is_busy={is_busy}>
          Create lead
        </Button>
      </form>
    </Dialog>
  )
}

/** The lists show the lead, and a toast offers to delete it. */
function tellCreated(lead: Lead): void {
  void queryClient.invalidateQueries({ queryKey: ['leads', 'list'] })
  refreshCounts(leadKind)
  offerUndo({
    text: `${leadName(lead)} created`,
    revert: async () => {
      await leadKind.remove(lead.id, lead.version)
      void queryClient.invalidateQueries({ queryKey: ['leads'] })
      return 'Lead deleted again'
    },
  })
}

function focusFirstError(form: HTMLFormElement, error: unknown): void {
  const pointer = isApiError(error) ? error.errors[0]?.pointer : undefined
  const element = pointer && form.elements.namedItem(pointer.split('/')[1] ?? '')
  if (element instanceof HTMLElement) element.focus()
}

interface FormProblemProps {
  error: unknown
  onCreateAnyway: (form: HTMLFormElement) => void
  onClose: () => void
}

/** The existing lead, with a link to it. */
function FormProblem({ error, onCreateAnyway, onClose }: FormProblemProps) {
  const navigate = useNavigate()
  if (!error) return null
  const existing = isApiError(error, 'already_exists') ? error.problem?.existing : undefined
  const open = (): void => {
    onClose()
    if (existing) void navigate({ to: '/leads/$id', params: { id: String(existing.id) } })
  }
  const restore = (): void => void (existing && restoreRow(leadKind, existing.id).then(open))
  const is_email = isApiError(error) && /e-?mail/i.test(error.message)
  if (isApiError(error, 'validation_failed') && error.errors.every(({ pointer }) => pointer)) return null
  return (
    <Banner tone="bad" role="alert">
      {describeError(error)}
      {existing && (
        <div className={css.existing}>
          {existing.is_deleted ? (
            <Button onClick={restore}>Restore it</Button>
          ) : (
            <Button onClick={open}>Open it</Button>
          )}
          {is_email && (
            <Button
              look="ghost"
              onClick={() => {
                const form = document.querySelector<HTMLFormElement>('#new-lead')
                if (form) onCreateAnyway(form)
              }}
            >
              Create anyway
            </Button>
          )}
        </div>
      )}
    </Banner>
  )
}
