import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import XIcon from 'lucide-react/icons/x'
import { describeError } from '../../api/problem.ts'
import { type ListedLead, leadQuery } from '../../api/queries.ts'
import { useScope } from '../../api/session.ts'
import { buttonClass, IconButton, Skeleton } from '../../parts/basics.tsx'
import page from '../../shell/page.module.css'
import css from '../lead/lead.module.css'
import { LeadFields } from '../lead/lead-fields.tsx'
import { LeadHead } from '../lead/lead-head.tsx'
import { LeadHistory } from '../lead/lead-history.tsx'

/** A lead next to the list, which keeps the focus: j and k move to the next. */
export default function Peek({ id, row, onClose }: { id: number; row: ListedLead | undefined; onClose: () => void }) {
  const is_admin = useScope('admin')
  const { data, error } = useQuery(leadQuery(id, is_admin))
  const lead = data ?? row
  return (
    <aside className={css.peek} aria-label="Lead beside the list">
      <div className={css.peekBar}>
        <Link to="/leads/$id" params={{ id: String(id) }} className={buttonClass}>
          Open
        </Link>
        <span className={page.spacer} />
        <IconButton label="Close" shortcut="Esc" onClick={onClose}>
          <XIcon size={16} aria-hidden />
        </IconButton>
      </div>
      <div className={css.peekBody}>
        {error && <p role="alert">{describeError(error)}</p>}
        {lead && <LeadHead lead={lead} />}
        {data ? (
          <>
            <LeadFields lead={data} />
            <LeadHistory id={id} is_short />
          </>
        ) : (
          !error && <Skeleton height={300} />
        )}
      </div>
    </aside>
  )
}
