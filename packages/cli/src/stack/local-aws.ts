/**
 * The account and region that everything local pretends to live in. They are the ones that the local queue server puts
 * into its ARNs, so an ARN built here and one answered there agree.
 */
export const local_account_id = '000000000000'
export const local_region = 'us-east-1'

/** Given explicitly, or the AWS SDK would look for real credentials on this machine and in its network. */
export const local_credentials = { accessKeyId: 'local', secretAccessKey: 'local' }

/** The ARN of a function of the local stack. */
export function buildFunctionArn(function_name: string): string {
  return `arn:aws:lambda:${local_region}:${local_account_id}:function:${function_name}`
}

/**
 * Environment variables for a process whose AWS SDK should talk to the local queue server: fake credentials, no search
 * for real ones, and the SDK's own variable for the endpoint of SQS.
 */
export function localAwsEnvironment(sqs_endpoint: string): Record<string, string> {
  return {
    AWS_REGION: local_region,
    AWS_ACCESS_KEY_ID: local_credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: local_credentials.secretAccessKey,
    AWS_ENDPOINT_URL_SQS: sqs_endpoint,
  }
}
