import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { api, unwrap } from '../../api/client.ts'
import { describeError, fieldError, isApiError } from '../../api/problem.ts'
import { queryClient } from '../../api/queries.ts'
import { Banner, Button, Field, inputClass } from '../../parts/basics.tsx'
import css from '../../parts/dialogs.module.css'
import { Dialog } from '../../parts/popup.tsx'

const fields = [
  ['name', 'Name'],
  ['domain', 'Domain'],
  ['industry', 'Industry'],
  ['website', 'Website'],
  ['city', 'City'],
  ['country', 'Country'],
] as const

export function NewCompanyDialog({ onClose }: { onClose: () => void }) {
  const [error, setError] = useState<unknown>(null)
  const [is_busy, setBusy] = useState(false)
  const navigate = useNavigate()
  const open = (id: number): void => {
    onClose()
    void navigate({ to: '/companies/$id', params: { id: String(id) } })
  }
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const values = [...new FormData(event.currentTarget)].map(([name, value]) => [name, String(value).trim()] as const)
    const { name = '', ...rest } = Object.fromEntries(values.filter(([, value]) => value !== ''))
    setBusy(true)
    try {
      const company = await unwrap(api.POST('/companies', { body: { name, ...rest } }))
      void queryClient.invalidateQueries({ queryKey: ['companies'] })
      open(company.id)
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  const existing = isApiError(error, 'already_exists') ? error.problem?.existing : undefined
  return (
    <Dialog title="New company" onClose={onClose} width={520}>
      <form className={css.form} onSubmit={(event) => void submit(event)}>
        {error !== null && !isApiError(error, 'validation_failed') && (
          <Banner
            tone="bad"
            role="alert"
            actions={existing && <Button onClick={() => open(existing.id)}>Open it</Button>}
          >
            {describeError(error)}
          </Banner>
        )}
        <div className={css.two}>
          {fields.map(([name, label]) => (
            <Field key={name} label={label} error={fieldError(error, name)}>
              {(ids) => (
                <input {...ids} name={name} className={inputClass} required={name === 'name'} autoComplete="off" />
              )}
            </Field>
          ))}
        </div>
        <Button type="submit" look="primary" is_busy={is_busy}>
          Create company
        </Button>
      </form>
    </Dialog>
  )
}
