import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import ActivityIcon from 'lucide-react/icons/activity'
import CalendarIcon from 'lucide-react/icons/calendar'
import MailIcon from 'lucide-react/icons/mail'
import MessageSquareIcon from 'lucide-react/icons/message-square'
import PencilIcon from 'lucide-react/icons/pencil'
import PhoneIcon from 'lucide-react/icons/phone'
import PlusIcon from 'lucide-react/icons/plus'
import RotateCcwIcon from 'lucide-react/icons/rotate-ccw'
import SparklesIcon from 'lucide-react/icons/sparkles'
import Trash2Icon from 'lucide-react/icons/trash-2'
import { type FormEvent, useState } from 'react'
import { api, unwrap } from '../../api/client.ts'
import { describeError } from '../../api/problem.ts'
import { eventsQuery, type LeadEvent, queryClient } from '../../api/queries.ts'
import { useScope } from '../../api/session.ts'
import { Button, inputClass, Skeleton, Time } from '../../parts/basics.tsx'
import { ChangeList } from '../../parts/figures.tsx'
import { formatDate } from '../../parts/format.ts'
import { showToast } from '../../parts/toast.ts'
import { Section } from '../../shell/page.tsx'
import css from './lead.module.css'

const icons: Record<string, typeof PlusIcon> = {
  created: PlusIcon,
  updated: PencilIcon,
  enriched: SparklesIcon,
  contacted: MessageSquareIcon,
  note_added: MessageSquareIcon,
  call_made: PhoneIcon,
  email_sent: MailIcon,
  meeting_held: CalendarIcon,
  deleted: Trash2Icon,
  restored: RotateCcwIcon,
}

const verbs: Record<string, string> = {
  created: 'created the lead',
  contacted: 'set the status to contacted',
  enriched: 'stored an enrichment',
  note_added: 'added a note',
  call_made: 'made a call',
  email_sent: 'sent an email',
  meeting_held: 'held a meeting',
  deleted: 'deleted the lead',
  restored: 'restored the lead',
}

const filters = [
  ['', 'Everything'],
  ['updated', 'Changes'],
  ['in:note_added,call_made,email_sent,meeting_held', 'Notes and contacts'],
] as const

function describeEvent({ event_type, changed_fields, event_name }: LeadEvent): string {
  if (verbs[event_type]) return verbs[event_type]
  if (event_type === 'updated' && changed_fields) {
    const names = Object.keys(changed_fields).map((name) => name.replaceAll('_', ' '))
    return `changed ${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`
  }
  return (event_name ?? event_type.replaceAll('_', ' ')).toLowerCase()
}

export function LeadHistory({ id, is_short = false }: { id: number; is_short?: boolean }) {
  const [filter, setFilter] = useState('')
  const events = useInfiniteQuery(eventsQuery(id, filter))
  const can_write = useScope('write')
  const rows = events.data?.pages.flatMap(({ data }) => data) ?? []
  const shown = is_short ? rows.slice(0, 5) : rows
  return (
    <Section
      title="History"
      id="history"
      actions={
        !is_short && (
          <select
            className={inputClass}
            style={{ width: 'auto' }}
            aria-label="Show"
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
          >
            {filters.map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        )
      }
    >
      {can_write && !is_short && <Composer id={id} />}
      {events.isPending && <Skeleton height={60} />}
      {events.error && <p role="alert">{describeError(events.error)}</p>}
      {!events.isPending && rows.length === 0 && <p>Nothing of this kind.</p>}
      <ol>
        {shown.map((event, index) => (
          <EventRow key={event.id} event={event} before={shown[index - 1]} />
        ))}
      </ol>
      {events.hasNextPage && !is_short && (
        <div>
          <Button is_busy={events.isFetchingNextPage} onClick={() => void events.fetchNextPage()}>
            Older
          </Button>
        </div>
      )}
    </Section>
  )
}

const dayOf = (event: LeadEvent): string => formatDate(event.event_timestamp)

function EventRow({ event, before }: { event: LeadEvent; before: LeadEvent | undefined }) {
  const Icon = icons[event.event_type] ?? ActivityIcon
  const run_id = event.event_data?.run_id as string | undefined
  const day = dayOf(event)
  return (
    <li>
      {(!before || dayOf(before) !== day) && <div className={css.day}>{day}</div>}
      <div className={css.event}>
        <span className={css.eventIcon}>
          <Icon size={13} aria-hidden />
        </span>
        <div className={css.eventText}>
          <div className={css.eventHead}>
            <b>{event.actor ?? event.created_by ?? 'Somebody'}</b>
            <span>{describeEvent(event)}</span>
            {run_id && (
              <Link className={css.via} to="/syncs/$run_id" params={{ run_id }}>
                run {run_id.slice(0, 6)}…
              </Link>
            )}
            <Time value={event.event_timestamp} />
          </div>
          {event.event_description && <p className={css.note}>{event.event_description}</p>}
          {event.changed_fields && <ChangeList changes={event.changed_fields} />}
        </div>
      </div>
    </li>
  )
}

const kinds = [
  ['note_added', 'Note'],
  ['call_made', 'Call'],
  ['email_sent', 'Email sent'],
  ['meeting_held', 'Meeting'],
] as const

/** Adds a note or a contact to the history. */
function Composer({ id }: { id: number }) {
  const [kind, setKind] = useState<string>('note_added')
  const [text, setText] = useState('')
  const [is_busy, setBusy] = useState(false)
  const submit = async (event?: FormEvent): Promise<void> => {
    event?.preventDefault()
    if (text.trim() === '') return
    setBusy(true)
    try {
      const body = { event_type: kind, event_description: text.trim() }
      await unwrap(api.POST('/leads/{id}/events', { params: { path: { id } }, body }))
      setText('')
      await queryClient.invalidateQueries({ queryKey: ['lead', id, 'events'] })
    } catch (error) {
      showToast('Not added', { tone: 'bad', detail: describeError(error) })
    } finally {
      setBusy(false)
    }
  }
  return (
    <form className={css.composer} onSubmit={(event) => void submit(event)}>
      <div className={css.composerRow} role="radiogroup" aria-label="Kind">
        {kinds.map(([value, label]) => (
          <Button
            key={value}
            role="radio"
            aria-checked={kind === value}
            look={kind === value ? 'plain' : 'ghost'}
            onClick={() => setKind(value)}
          >
            {label}
          </Button>
        ))}
      </div>
      <textarea
        id="composer"
        className={inputClass}
        rows={2}
        aria-label="Text"
        placeholder="What happened?"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) void submit()
          // The keys of the page work again; what was typed stays.
          else if (event.key === 'Escape') event.currentTarget.blur()
        }}
      />
      <div className={css.composerRow}>
        <Button type="submit" look="primary" shortcut="⌘↵" is_busy={is_busy} disabled={text.trim() === ''}>
          Add
        </Button>
      </div>
    </form>
  )
}
