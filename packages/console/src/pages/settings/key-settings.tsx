import { useQuery } from '@tanstack/react-query'
import PlusIcon from 'lucide-react/icons/plus'
import { type FormEvent, useState } from 'react'
import { api, unwrap } from '../../api/client.ts'
import { apiKeysQuery } from '../../api/page-queries.ts'
import { describeError, fieldError } from '../../api/problem.ts'
import { type ApiKey, queryClient } from '../../api/queries.ts'
import { type Scope, signOut, useScope, useSession } from '../../api/session.ts'
import {
  Badge,
  Banner,
  Button,
  Copy,
  checkboxClass,
  Field,
  inputClass,
  Mono,
  Skeleton,
  Time,
} from '../../parts/basics.tsx'
import { cx } from '../../parts/cx.ts'
import { Dialog } from '../../parts/popup.tsx'
import { showToast } from '../../parts/toast.ts'
import page from '../../shell/page.module.css'
import { Facts, PageError, Section } from '../../shell/page.tsx'
import css from './settings.module.css'

type Open =
  | { what: 'new' }
  | { what: 'rotate' | 'revoke'; key: ApiKey }
  | { what: 'secret'; secret: string; name: string }

const refreshKeys = (): void => void queryClient.invalidateQueries({ queryKey: ['api-keys'] })

/** Who may use the API, and with what. Only an admin key sees the others. */
export function KeySettings() {
  const is_admin = useScope('admin')
  const { me } = useSession()
  const [open, setOpen] = useState<Open | null>(null)
  const close = (): void => setOpen(null)
  if (!is_admin)
    return (
      <Section title="Your key">
        <Facts
          rows={[
            ['Name', me?.name],
            ['Begins with', me && <Mono key="prefix">{me.key_prefix}</Mono>],
            ['Scope', me?.scope],
            ['Expires', me?.expires_at ? <Time key="expires" value={me.expires_at} /> : 'never'],
          ]}
        />
        <p className={page.muted}>Only a key with the scope admin sees and changes the other keys.</p>
      </Section>
    )
  return (
    <Section
      title="API keys"
      actions={
        <Button look="primary" onClick={() => setOpen({ what: 'new' })}>
          <PlusIcon size={14} aria-hidden />
          New key
        </Button>
      }
    >
      <KeyList onOpen={setOpen} />
      {open?.what === 'new' && <NewKeyDialog onClose={close} onMade={setOpen} />}
      {open?.what === 'rotate' && <RotateDialog apiKey={open.key} onClose={close} onMade={setOpen} />}
      {open?.what === 'revoke' && <RevokeDialog apiKey={open.key} onClose={close} />}
      {open?.what === 'secret' && <SecretDialog {...open} onClose={close} />}
    </Section>
  )
}

function KeyList({ onOpen }: { onOpen: (open: Open) => void }) {
  const { data, error, refetch } = useQuery(apiKeysQuery)
  if (error && !data) return <PageError error={error} onRetry={() => void refetch()} />
  if (!data) return <Skeleton height={160} />
  return (
    <div className={page.card}>
      {data.data.map((key) => (
        <KeyRow key={key.id} apiKey={key} onOpen={onOpen} />
      ))}
    </div>
  )
}

const scopeOf = ({ scopes }: ApiKey): string =>
  (['admin', 'write'] as const).find((scope) => scopes.includes(scope)) ?? 'read'

function stateOf({ revoked_at, expires_at }: ApiKey): { text: string; tone: 'good' | 'neutral' | 'warn' } {
  if (revoked_at && Date.parse(revoked_at) <= Date.now()) return { text: 'revoked', tone: 'neutral' }
  if (expires_at && Date.parse(expires_at) <= Date.now()) return { text: 'expired', tone: 'neutral' }
  if (revoked_at) return { text: 'ends soon', tone: 'warn' }
  return { text: 'works', tone: 'good' }
}

function KeyRow({ apiKey, onOpen }: { apiKey: ApiKey; onOpen: (open: Open) => void }) {
  const { me } = useSession()
  const state = stateOf(apiKey)
  const is_own = me?.key_prefix === apiKey.key_prefix
  return (
    <div className={cx(css.key, state.tone === 'neutral' && css.off)}>
      <div className={css.keyText}>
        <b>
          {apiKey.name}
          {is_own && <span className={page.muted}> (in use here)</span>}
        </b>
        <span className={page.muted}>
          <Mono>{apiKey.key_prefix}…</Mono>, made <Time value={apiKey.created_at} />,{' '}
          {apiKey.last_used_at ? (
            <>
              used <Time value={apiKey.last_used_at} />
            </>
          ) : (
            'never used'
          )}
          {apiKey.expires_at && (
            <>
              , expires <Time value={apiKey.expires_at} />
            </>
          )}
        </span>
      </div>
      <span className={page.row}>
        <Badge tone="info">{scopeOf(apiKey)}</Badge>
        <Badge tone={state.tone}>{state.text}</Badge>
      </span>
      <span className={css.keyActions}>
        {state.tone === 'good' && (
          <>
            <Button look="ghost" onClick={() => onOpen({ what: 'rotate', key: apiKey })}>
              Rotate
            </Button>
            <Button look="ghost" onClick={() => onOpen({ what: 'revoke', key: apiKey })}>
              Revoke
            </Button>
          </>
        )}
      </span>
    </div>
  )
}

const scopes = [
  ['read', 'Sees leads, companies and syncs'],
  ['write', 'Also changes them, imports files and syncs runs'],
  ['admin', 'Also manages keys, undoes imports and sees deleted rows'],
] as const

const expiries = [
  ['', 'never'],
  ['30', 'in 30 days'],
  ['90', 'in 90 days'],
  ['365', 'in a year'],
] as const

const DAY_MS = 86_400_000

interface DialogProps {
  onClose: () => void
  onMade: (open: Open) => void
}

function NewKeyDialog({ onClose, onMade }: DialogProps) {
  const [name, setName] = useState('')
  const [scope, setScope] = useState<Scope>('read')
  const [days, setDays] = useState('')
  const [error, setError] = useState<unknown>(null)
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const expires_at = days ? new Date(Date.now() + Number(days) * DAY_MS).toISOString() : null
    try {
      const { secret } = await unwrap(
        api.POST('/api-keys', { body: { name: name.trim(), scopes: [scope], expires_at } }),
      )
      refreshKeys()
      onMade({ what: 'secret', secret, name: name.trim() })
    } catch (failure) {
      setError(failure)
    }
  }
  const name_error = fieldError(error, 'name')
  return (
    <Dialog title="New API key" onClose={onClose} width={440}>
      <form className={css.form} onSubmit={(event) => void submit(event)}>
        {error !== null && !name_error && (
          <Banner tone="bad" role="alert">
            {describeError(error)}
          </Banner>
        )}
        <Field label="Name" hint="It stands as author in the history of what the key changes." error={name_error}>
          {(ids) => (
            <input
              {...ids}
              className={inputClass}
              required
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <ScopeChoice scope={scope} onChange={setScope} />
        <Select label="Expires" value={days} options={expiries} onChange={setDays} />
        <Button type="submit" look="primary">
          Create key
        </Button>
      </form>
    </Dialog>
  )
}

function ScopeChoice({ scope, onChange }: { scope: Scope; onChange: (scope: Scope) => void }) {
  return (
    <fieldset style={{ border: 0, padding: 0, display: 'grid', gap: 8 }}>
      <legend className="visually-hidden">Scope</legend>
      {scopes.map(([value, text]) => (
        <label key={value} className={css.scope}>
          <input
            type="radio"
            name="scope"
            className={checkboxClass}
            checked={scope === value}
            onChange={() => onChange(value)}
          />
          <b>{value}</b>
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  )
}

interface SelectProps {
  label: string
  value: string
  options: readonly (readonly [value: string, label: string])[]
  onChange: (value: string) => void
}

const Select = ({ label, value, options, onChange }: SelectProps) => (
  <Field label={label}>
    {(ids) => (
      <select {...ids} className={inputClass} value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    )}
  </Field>
)

const graces = [
  ['0', 'stops at once'],
  ['3600', 'works for an hour more'],
  ['86400', 'works for a day more'],
  ['604800', 'works for a week more'],
] as const

function RotateDialog({ apiKey, onClose, onMade }: DialogProps & { apiKey: ApiKey }) {
  const [grace_s, setGrace] = useState('86400')
  const [error, setError] = useState<unknown>(null)
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    try {
      const params = { path: { id: apiKey.id } }
      const made = await unwrap(api.POST('/api-keys/{id}/rotate', { params, body: { grace_s: Number(grace_s) } }))
      refreshKeys()
      onMade({ what: 'secret', secret: made.secret, name: apiKey.name })
    } catch (failure) {
      setError(failure)
    }
  }
  return (
    <Dialog title={`Rotate ${apiKey.name}`} onClose={onClose} width={420}>
      <form className={css.form} onSubmit={(event) => void submit(event)}>
        {error !== null && (
          <Banner tone="bad" role="alert">
            {describeError(error)}
          </Banner>
        )}
        <Select label="The old key" value={grace_s} options={graces} onChange={setGrace} />
        <Button type="submit" look="primary">
          Make the new key
        </Button>
      </form>
    </Dialog>
  )
}

function RevokeDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const [typed, setTyped] = useState('')
  const { me } = useSession()
  const is_own = me?.key_prefix === apiKey.key_prefix
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    try {
      await unwrap(api.DELETE('/api-keys/{id}', { params: { path: { id: apiKey.id } } }))
      showToast(`${apiKey.name} is revoked`, { tone: 'good' })
      onClose()
      if (is_own) signOut()
      else refreshKeys()
    } catch (error) {
      showToast('Not revoked', { tone: 'bad', detail: describeError(error) })
    }
  }
  return (
    <Dialog title={`Revoke ${apiKey.name}`} onClose={onClose} width={420}>
      <form className={css.form} onSubmit={(event) => void submit(event)}>
        <p>The key stops working immediately. This cannot be undone.{is_own && ' You will be signed out.'}</p>
        <Field label={`Type ${apiKey.name} to confirm`}>
          {(ids) => (
            <input {...ids} className={inputClass} value={typed} onChange={(event) => setTyped(event.target.value)} />
          )}
        </Field>
        <Button type="submit" look="danger" disabled={typed !== apiKey.name}>
          Revoke
        </Button>
      </form>
    </Dialog>
  )
}

/** Shown once: the database keeps a hash only. */
function SecretDialog({ secret, name, onClose }: { secret: string; name: string; onClose: () => void }) {
  return (
    <Dialog
      title={`The key of ${name}`}
      onClose={onClose}
      width={480}
      is_locked
      foot={
        <Button look="primary" onClick={onClose}>
          I have stored it
        </Button>
      }
    >
      <p>Store it now: it cannot be shown again.</p>
      <div className={css.secret}>
        <span>{secret}</span>
        <Copy text={secret} label="Copy key" />
      </div>
    </Dialog>
  )
}
