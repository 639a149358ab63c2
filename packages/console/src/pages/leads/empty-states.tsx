import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import CircleIcon from 'lucide-react/icons/circle'
import CircleCheckIcon from 'lucide-react/icons/circle-check'
import SearchIcon from 'lucide-react/icons/search'
import SparklesIcon from 'lucide-react/icons/sparkles'
import XIcon from 'lucide-react/icons/x'
import { latestSyncsQuery } from '../../api/queries.ts'
import type { Filter } from '../../list/address.ts'
import { leadFilters } from '../../list/definitions.ts'
import { describeFilter } from '../../list/describe-filter.ts'
import { isPhoneNumber } from '../../list/phone-number.ts'
import type { AddressState } from '../../list/use-address.ts'
import { Button, buttonClass, Copy, Empty } from '../../parts/basics.tsx'
import css from './empty.module.css'

const phoneFilter = (q: string): Filter => ({ field: 'phone', operator: 'in', values: [q.trim()] })

/** The conditions again, so that one can be removed where the eye is. */
export function NothingMatches({ place }: { place: AddressState }) {
  const { filters, q } = place.address
  return (
    <Empty
      icon={<SearchIcon size={28} aria-hidden />}
      title="No lead matches"
      actions={
        <>
          {isPhoneNumber(q) && (
            <Button look="primary" onClick={() => place.setFilters([...filters, phoneFilter(q)], '')}>
              Find the phone number {q.trim()}
            </Button>
          )}
          {q.trim() && (
            <Button onClick={() => place.setQuery('')}>
              Search “{q.trim()}” <XIcon size={13} aria-hidden />
            </Button>
          )}
          {filters.map((filter, index) => {
            const field = leadFilters.find((each) => each.field === filter.field)
            const { label, verb, value } = describeFilter(field, filter)
            return (
              <Button
                key={`${filter.field} ${filter.operator} ${filter.values}`}
                onClick={() => place.setFilters(filters.filter((_, position) => position !== index))}
              >
                {label} {verb} {value} <XIcon size={13} aria-hidden />
              </Button>
            )
          })}
        </>
      }
    >
      Remove a condition to see more.
    </Empty>
  )
}

/** The first minutes: three steps that check what exists. */
export function ProductIsEmpty() {
  const syncs = useQuery(latestSyncsQuery(1))
  const has_syncs = (syncs.data?.data.length ?? 0) > 0
  const webhook = `${location.origin}/webhooks/apify`
  const headers = '{ "Authorization": "Bearer <APIFY_WEBHOOK_SECRET>" }'
  return (
    <Empty icon={<SparklesIcon size={28} aria-hidden />} title="No leads yet">
      <ol className={css.steps}>
        <Step is_done={has_syncs} title="Connect Apify">
          <p>Add a webhook to your Actor for the event “Run succeeded”, with this address and headers template:</p>
          <Copy text={webhook}>{webhook}</Copy>
          <Copy text={headers}>{headers}</Copy>
        </Step>
        <Step is_done={has_syncs} title="Or sync a run that has ended">
          <Link to="/syncs" className={buttonClass}>
            Open Syncs
          </Link>
        </Step>
        <Step is_done={false} title="Or import a file">
          <Link to="/imports" className={buttonClass}>
            Open Imports
          </Link>
        </Step>
      </ol>
      <p>
        To look around with sample data, run <Copy text="npm run demo -- --keep">npm run demo -- --keep</Copy>
      </p>
    </Empty>
  )
}

function Step({ is_done, title, children }: { is_done: boolean; title: string; children: React.ReactNode }) {
  return (
    <li className={css.step}>
      {is_done ? <CircleCheckIcon size={16} aria-label="done" /> : <CircleIcon size={16} aria-hidden />}
      <div>
        <h3>{title}</h3>
        {children}
      </div>
    </li>
  )
}
