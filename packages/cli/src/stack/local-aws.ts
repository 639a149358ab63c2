/** Account and region of the local stack. The local queue server uses the same in its ARNs. */
export const LOCAL_ACCOUNT_ID = '000000000000'
export const LOCAL_REGION = 'us-east-1'

/** Set explicitly, because the AWS SDK would otherwise search this machine and its network for real credentials. */
export const localCredentials = { accessKeyId: 'local', secretAccessKey: 'local' }

/** Returns the ARN of a function of the local stack. */
export function buildFunctionArn(function_name: string): string {
  return `arn:aws:lambda:${LOCAL_REGION}:${LOCAL_ACCOUNT_ID}:function:${function_name}`
}

/**
 * Returns environment variables that make the AWS SDK of a process use the local queue server: fake credentials, so that
 * it does not search for real ones, and the SDK's variable for the SQS endpoint.
 */
export function localAwsEnvironment(sqs_endpoint: string): Record<string, string> {
  return {
    AWS_REGION: LOCAL_REGION,
    AWS_ACCESS_KEY_ID: localCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: localCredentials.secretAccessKey,
    AWS_ENDPOINT_URL_SQS: sqs_endpoint,
  }
}
