import { Link } from '@tanstack/react-router'
import type { Lead } from '../../api/queries.ts'
import { leadSources } from '../../list/definitions.ts'
import { EnrichmentStatus } from '../../list/status.tsx'
import { Copy, Meter, Mono, Time } from '../../parts/basics.tsx'
import { safeHref } from '../../parts/format.ts'
import { JsonView } from '../../parts/json-view.tsx'
import page from '../../shell/page.module.css'
import { Facts, Section } from '../../shell/page.tsx'
import css from './lead.module.css'

interface Sighting {
  run_id?: string | null
  import_batch_id?: string | null
  seen_at: string
}

/** Where a lead came from, and where it was seen again. */
export function LeadSourceSection({ lead }: { lead: Lead }) {
  const source = lead.lead_source
  if (!source) return null
  const metadata = source.metadata as { mapping?: string; sightings?: Sighting[] } | null
  const href = safeHref(source.external_url)
  const run_id = source.run_id
  return (
    <Section title="Source">
      <Facts
        rows={[
          ['Type', leadSources.find(({ value }) => value === source.source_type)?.label ?? source.source_type],
          ['Actor', source.actor_name ?? source.actor_id],
          [
            'Run',
            run_id && (
              <span className={page.row}>
                <Link to="/syncs/$run_id" params={{ run_id }}>
                  <Mono>{run_id}</Mono>
                </Link>
                <ApifyLink run_id={run_id} />
              </span>
            ),
          ],
          [
            'Import',
            source.import_batch_id && (
              <Link to="/imports/$import_batch_id" params={{ import_batch_id: source.import_batch_id }}>
                {source.import_batch_id}
              </Link>
            ),
          ],
          [
            'Page',
            source.external_url &&
              (href ? (
                <a href={href} target="_blank" rel="noopener noreferrer">
                  {href}
                </a>
              ) : (
                source.external_url
              )),
          ],
          ['External id', source.external_id && <Copy text={source.external_id}>{source.external_id}</Copy>],
          ['Scraped', source.scraped_at && <Time value={source.scraped_at} />],
          ['Mapping', metadata?.mapping && <Mono>{metadata.mapping}</Mono>],
          ['Scores', <Scores key="scores" quality={source.data_quality_score} confidence={source.confidence_score} />],
          ['Search', source.scrape_params !== null && <SearchOf value={source.scrape_params} />],
          ['Sightings', metadata?.sightings?.length ? <Sightings key="sightings" all={metadata.sightings} /> : null],
        ]}
      />
    </Section>
  )
}

export const ApifyLink = ({ run_id }: { run_id: string }) => (
  <a
    href={`https://console.apify.com/actors/runs/${encodeURIComponent(run_id)}`}
    target="_blank"
    rel="noopener noreferrer"
  >
    Open at Apify
  </a>
)

function Scores({ quality, confidence }: { quality: number | null; confidence: number | null }) {
  if (quality === null && confidence === null) return null
  return (
    <span className={css.scores}>
      {quality !== null && (
        <span className={css.score} data-tip="How many useful fields the source filled">
          Quality <Meter value={quality} label={`${quality} of 100`} /> {quality}
        </span>
      )}
      {confidence !== null && (
        <span className={css.score} data-tip="How sure it is that the fields were read rightly">
          Confidence <Meter value={confidence} label={`${confidence} of 100`} /> {confidence}
        </span>
      )}
    </span>
  )
}

/** What the run searched for, on one line where it is simple. */
function SearchOf({ value }: { value: unknown }) {
  if (typeof value !== 'object' || value === null) return <>{String(value)}</>
  const entries = Object.entries(value)
  const is_simple = entries.every(
    ([, each]) => typeof each !== 'object' || (Array.isArray(each) && each.every((part) => typeof part !== 'object')),
  )
  if (!is_simple || entries.length > 6) return <JsonView value={value} label="search" />
  return (
    <>
      {entries.map(([name, each]) => (
        <div key={name}>
          <span className={page.muted}>{name}</span> {Array.isArray(each) ? each.join(', ') : String(each)}
        </div>
      ))}
    </>
  )
}

function Sightings({ all }: { all: readonly Sighting[] }) {
  return (
    <>
      {all.slice(0, 20).map((sighting) => (
        <div key={`${sighting.run_id} ${sighting.import_batch_id} ${sighting.seen_at}`}>
          {sighting.run_id ? (
            <Link to="/syncs/$run_id" params={{ run_id: sighting.run_id }}>
              <Mono>{sighting.run_id}</Mono>
            </Link>
          ) : (
            sighting.import_batch_id
          )}{' '}
          <Time value={sighting.seen_at} className={page.muted} />
        </div>
      ))}
      {all.length > 20 && <div className={page.muted}>and {all.length - 20} more</div>}
    </>
  )
}

export function LeadData({ lead }: { lead: Lead }) {
  return (
    <>
      {(lead.enrichment_data !== null || lead.enrichment_status !== 'pending') && (
        <Section title="Enrichment" note={<EnrichmentStatus status={lead.enrichment_status} />}>
          {lead.enrichment_data !== null && (
            <div className={page.card}>
              <JsonView value={lead.enrichment_data} label="enrichment data" />
            </div>
          )}
        </Section>
      )}
      {lead.raw_data !== null && lead.raw_data !== undefined && (
        <Section title="Raw item">
          <details className={page.card}>
            <summary className={page.pad}>As the source gave it</summary>
            <JsonView value={lead.raw_data} label="raw item" />
          </details>
        </Section>
      )}
    </>
  )
}
