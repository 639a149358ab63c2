/**
 * The account and region that everything local pretends to live in. They are the ones that the local queue server puts
 * into its ARNs, so an ARN built here and one answered there agree.
 */
export const LOCAL_ACCOUNT_ID = '000000000000'
export const LOCAL_REGION = 'us-east-1'

/** Given explicitly, or the AWS SDK would look for real credentials on this machine and in its network. */
export const localCredentials = { accessKeyId: 'local', secretAccessKey: 'local' }

/** The ARN of a function of the local stack. */
export function buildFunctionArn(function_name: string): string {
  return `arn:aws:lambda:${LOCAL_REGION}:${LOCAL_ACCOUNT_ID}:function:${function_name}`
}

/**
 * Environment variables for a process whose AWS SDK should talk to the local queue server: fake credentials, no search
 * for real ones, and the SDK's own variable for the endpoint of SQS.
 */
export function localAwsEnvironment(sqs_endpoint: string): Record<string, string> {
  return {
    AWS_REGION: LOCAL_REGION,
    AWS_ACCESS_KEY_ID: localCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: localCredentials.secretAccessKey,
    AWS_ENDPOINT_URL_SQS: sqs_endpoint,
  }
}
