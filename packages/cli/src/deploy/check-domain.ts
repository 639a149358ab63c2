import { type Finding, failed, ok } from '@leads/core/doctor/finding'

/** Whether a certificate's name covers a host: itself, or `*` in place of its first label. */
const covers = (name: string, host: string): boolean =>
  name === host || (name.startsWith('*.') && name.slice(2) === host.slice(host.indexOf('.') + 1))

/** A certificate that API Gateway takes: issued, for this host, in the region that its ARN names. */
export async function checkCertificate(domain: string, arn: string): Promise<Finding[]> {
  const { ACMClient, DescribeCertificateCommand, ResourceNotFoundException } = await import('@aws-sdk/client-acm')
  const client = new ACMClient({ region: arn.split(':')[3] ?? '', maxAttempts: 2 })
  try {
    const { Certificate } = await client.send(new DescribeCertificateCommand({ CertificateArn: arn }))
    const names = Certificate?.SubjectAlternativeNames ?? []
    if (Certificate?.Status !== 'ISSUED')
      return [
        failed(
          'domain',
          `The certificate of ${domain} is ${Certificate?.Status ?? 'unknown'}, not ISSUED.`,
          'Create the DNS record that ACM shows for its validation, and wait until it is issued.',
        ),
      ]
    if (names.some((name) => covers(name, domain))) return [ok('domain', `The certificate covers ${domain}.`)]
    const message = `The certificate covers ${names.join(', ')}, but not ${domain}.`
    return [failed('domain', message, 'Request one for API_DOMAIN, and set API_DOMAIN_CERTIFICATE_ARN to it.')]
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error
    const advice = 'Copy the ARN from the AWS console, Certificate Manager, in the region of the deployment.'
    return [failed('domain', `There is no certificate ${arn}.`, advice)]
  } finally {
    client.destroy()
  }
}

/** Without a certificate the deployment creates one, and the DNS records, in the domain's zone at Route 53. */
export async function checkHostedZone(domain: string, region: string): Promise<Finding[]> {
  const { ListHostedZonesByNameCommand, Route53Client } = await import('@aws-sdk/client-route-53')
  const client = new Route53Client({ region, maxAttempts: 2 })
  try {
    const labels = domain.split('.')
    for (let first = 0; first < labels.length - 1; first += 1) {
      const zone = `${labels.slice(first).join('.')}.`
      const { HostedZones = [] } = await client.send(new ListHostedZonesByNameCommand({ DNSName: zone, MaxItems: 10 }))
      const isPublic = HostedZones.some(({ Name, Config }) => Name === zone && !Config?.PrivateZone)
      if (isPublic) return [ok('domain', `${domain} is in the zone ${zone} at Route 53.`)]
    }
    const message = `Route 53 has no public zone for ${domain} in this account.`
    const advice =
      'Create the zone, or set API_DOMAIN_CERTIFICATE_ARN to a certificate and create the DNS record yourself.'
    return [failed('domain', message, advice)]
  } finally {
    client.destroy()
  }
}
