import { useQuery } from '@tanstack/react-query'
import { type Service, serviceQuery } from '../../api/page-queries.ts'
import { healthQuery } from '../../api/queries.ts'
import { useScope, useSession } from '../../api/session.ts'
import { Badge, Button, Copy, Mono, Skeleton, Time } from '../../parts/basics.tsx'
import page from '../../shell/page.module.css'
import { Facts, PageError, Section } from '../../shell/page.tsx'
import css from './settings.module.css'

/** Whether the service is well, and its addresses. */
export function ServiceSettings() {
  const health = useQuery(healthQuery)
  const { me } = useSession()
  const is_admin = useScope('admin')
  const { origin } = location
  const headers = '{ "Authorization": "Bearer <APIFY_WEBHOOK_SECRET>" }'
  return (
    <>
      <Section title="State">
        <Facts
          rows={[
            [
              'Service',
              health.isPending ? null : health.data ? (
                <Badge key="up" tone="good">
                  up, and so is its database
                </Badge>
              ) : (
                <Badge key="down" tone="bad">
                  does not answer
                </Badge>
              ),
            ],
            ['Version', me?.product_version && <Mono key="version">{me.product_version}</Mono>],
          ]}
        />
      </Section>
      {is_admin ? (
        <Findings />
      ) : (
        <p className={page.muted}>A key with the scope admin also sees what the service finds.</p>
      )}
      <Section title="Addresses">
        <Facts
          rows={[
            [
              'API',
              <Copy key="api" text={origin}>
                {origin}
              </Copy>,
            ],
            [
              'Documentation',
              <a key="docs" href="/docs" target="_blank" rel="noopener">
                {origin}/docs
              </a>,
            ],
            ['Webhook', <Copy key="webhook" text={`${origin}/webhooks/apify`}>{`${origin}/webhooks/apify`}</Copy>],
            [
              'Its headers',
              <Copy key="headers" text={headers}>
                {headers}
              </Copy>,
            ],
          ]}
        />
      </Section>
    </>
  )
}

type Finding = Service['findings'][number]

const tones = { ok: 'good', warning: 'warn', failed: 'bad' } as const
const ranks: Record<Finding['state'], number> = { failed: 0, warning: 1, ok: 2 }

/** What the service finds wrong with itself, the worst first, and how far its scheduled tasks are. */
function Findings() {
  const { data, error, isFetching, refetch } = useQuery(serviceQuery)
  if (error && !data) return <PageError error={error} onRetry={() => void refetch()} />
  if (!data) return <Skeleton height={220} />
  const findings = data.findings.toSorted((a, b) => ranks[a.state] - ranks[b.state])
  return (
    <>
      <Section
        title="Checks"
        actions={
          <Button is_busy={isFetching} onClick={() => void refetch()}>
            Check again
          </Button>
        }
      >
        <ul className={`${page.card} ${css.findings}`}>
          {findings.map((finding) => (
            <li key={`${finding.check} ${finding.message}`}>
              <Badge tone={tones[finding.state]}>{finding.state}</Badge>
              <div>
                <b>{finding.check}</b>
                <p>{finding.message}</p>
                {finding.advice && <p className={page.muted}>{finding.advice}</p>}
              </div>
            </li>
          ))}
        </ul>
      </Section>
      <Section title="Scheduled tasks">
        {data.tasks.length === 0 ? (
          <p className={page.muted}>None has run yet.</p>
        ) : (
          <Facts rows={data.tasks.map(({ name, reached_at }) => [name, <Time key={name} value={reached_at} />])} />
        )}
      </Section>
    </>
  )
}
