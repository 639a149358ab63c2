import { useQuery } from '@tanstack/react-query'
import { healthQuery } from '../../api/queries.ts'
import { useSession } from '../../api/session.ts'
import { Badge, Copy, Mono } from '../../parts/basics.tsx'
import { Facts, Section } from '../../shell/page.tsx'

/** Whether the service is well, and its addresses. */
export function ServiceSettings() {
  const health = useQuery(healthQuery)
  const { me } = useSession()
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
