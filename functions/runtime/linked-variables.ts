/**
 * Converts the links of a deployment to environment variables: the `value` of the link `ApifyToken` becomes APIFY_TOKEN,
 * the `url` of the link `SyncQueue` becomes SYNC_QUEUE_URL. The functions then read one kind of configuration everywhere,
 * and no function's environment contains secrets in plain text.
 */
export function toEnvironmentVariables(links: Readonly<Record<string, unknown>>): Record<string, string> {
  const variables: Record<string, string> = {}
  for (const [name, link] of Object.entries(links)) {
    if (typeof link !== 'object' || link === null) continue
    if ('value' in link && typeof link.value === 'string') variables[toVariableName(name)] = link.value
    if ('url' in link && typeof link.url === 'string') variables[`${toVariableName(name)}_URL`] = link.url
  }
  return variables
}

/** `ApifyWebhookSecret` becomes APIFY_WEBHOOK_SECRET. */
export function toVariableName(link_name: string): string {
  return link_name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toUpperCase()
}
