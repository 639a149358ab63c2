import { useQuery } from '@tanstack/react-query'
import { type FormEvent, type InputHTMLAttributes, useEffect, useState } from 'react'
import { describeError, isApiError } from '../../api/problem.ts'
import { fetchMe, healthQuery, queryClient } from '../../api/queries.ts'
import { signIn } from '../../api/session.ts'
import { validateKey } from '../../list/validate.ts'
import { Button, Copy, checkboxClass, checkClass, Field, inputClass, Mono } from '../../parts/basics.tsx'
import { cx } from '../../parts/cx.ts'
import css from '../../shell/shell.module.css'

const MAKE_A_KEY = 'npm run leads -- keys create me --scope admin'

function explain(error: unknown): string {
  if (isApiError(error, 'unauthorized')) return 'The key is unknown, expired or revoked.'
  if (isApiError(error, 'unavailable')) return 'The database does not answer.'
  return describeError(error)
}

/** Asks for an API key. Lies over the page when the key in use was refused: what was typed there is kept. */
export default function SignIn({ is_over = false }: { is_over?: boolean }) {
  const [key, setKey] = useState('')
  const [is_kept, setKept] = useState(false)
  const [error, setError] = useState<string>()
  const [is_busy, setBusy] = useState(false)
  useEffect(() => {
    if (!is_over) document.title = 'Sign in · Leads'
  }, [is_over])
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const trimmed = key.trim()
    const problem = validateKey(trimmed)
    setError(problem)
    if (problem) return
    setBusy(true)
    try {
      const me = await fetchMe(trimmed)
      if (!is_over) queryClient.clear()
      signIn(trimmed, me, is_kept)
    } catch (failure) {
      setError(explain(failure))
    } finally {
      setBusy(false)
    }
  }
  return (
    <div className={css.signIn}>
      <form className={css.card} onSubmit={(event) => void submit(event)}>
        <h1>{is_over ? 'Sign in again' : 'Leads'}</h1>
        {is_over && <p>The key is unknown, expired or revoked. What you were doing waits behind this form.</p>}
        <Field label="API key" error={error}>
          {(ids) => <KeyInput ids={ids} value={key} onChange={setKey} />}
        </Field>
        <label className={checkClass}>
          <input
            type="checkbox"
            className={checkboxClass}
            checked={is_kept}
            onChange={(event) => setKept(event.target.checked)}
          />
          Keep me signed in on this device
        </label>
        <Button type="submit" look="primary" is_busy={is_busy}>
          Sign in
        </Button>
      </form>
      <Below />
    </div>
  )
}

interface KeyInputProps {
  ids: InputHTMLAttributes<HTMLInputElement>
  value: string
  onChange: (key: string) => void
}

function KeyInput({ ids, value, onChange }: KeyInputProps) {
  const [is_shown, setShown] = useState(false)
  return (
    <span className={css.secret}>
      <input
        {...ids}
        // biome-ignore lint/a11y/noAutofocus: the page has this one purpose
        autoFocus
        className={inputClass}
        type={is_shown ? 'text' : 'password'}
        autoComplete="current-password"
        spellCheck={false}
        placeholder="lk_…"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      <Button aria-pressed={is_shown} onClick={() => setShown(!is_shown)}>
        {is_shown ? 'Hide' : 'Show'}
      </Button>
    </span>
  )
}

function Below() {
  const health = useQuery(healthQuery)
  const state = health.isPending
    ? 'Asking the service …'
    : health.data
      ? 'The service is up'
      : 'The service does not answer'
  return (
    <div className={css.below}>
      <p>No key yet? Make one where the product runs:</p>
      <div className={css.command}>
        <Mono>{MAKE_A_KEY}</Mono>
        <Copy text={MAKE_A_KEY} label="Copy command" />
      </div>
      <p role="status">
        <i className={cx(css.dot, !health.isPending && (health.data ? css.dotGood : css.dotBad))} aria-hidden />
        {state}
      </p>
    </div>
  )
}
