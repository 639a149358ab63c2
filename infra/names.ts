/** `sales-leads-<stage>-<name>`: the name in the AWS console. */
export function named(name: string): string {
  const full = `${$app.name}-${$app.stage}-${name}`
  // Lambda's limit, the shortest of those that apply.
  if (full.length > 64)
    throw new Error(`The stage name ${$app.stage} is too long: ${full} has more than 64 characters.`)
  return full
}

/** Namespace of the stage's own metrics. */
export const metricsNamespace = `SalesLeads/${$app.stage}`

/** `apify-webhook` is the component ApifyWebhook. */
export function componentName(name: string): string {
  return name.replace(/(^|-)([a-z])/g, (_match, _dash, letter: string) => letter.toUpperCase())
}

const partition = aws.getPartitionOutput().partition
const region = aws.getRegionOutput().region
const account = aws.getCallerIdentityOutput().accountId

export const arnOf = {
  function: (name: string) => $interpolate`arn:${partition}:lambda:${region}:${account}:function:${name}`,
  logStreams: (name: string) =>
    $interpolate`arn:${partition}:logs:${region}:${account}:log-group:/aws/lambda/${name}:*`,
  managedPolicy: (path: string) => $interpolate`arn:${partition}:iam::aws:policy/${path}`,
}

export { region }
