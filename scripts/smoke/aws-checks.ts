import { GetFunctionRecursionConfigCommand, LambdaClient, ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda'
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs'
import type { SmokeCheck } from './checks.ts'
import { assert } from './http.ts'

/** Checks of a deployed stage that need AWS credentials. They only read. */
export function createAwsChecks(stage: string): SmokeCheck[] {
  const consumer = `sales-leads-${stage}-sync-consumer`
  return [
    { name: 'Lambda lets the consumer queue its run again', run: () => checkRecursion(consumer) },
    { name: 'the queues are read by their consumers', run: () => checkMappings(stage) },
    { name: 'no dead letters', run: () => checkDeadLetters(`sales-leads-${stage}-dead-letter`) },
  ]
}

async function checkRecursion(consumer: string) {
  const { RecursiveLoop } = await new LambdaClient().send(
    new GetFunctionRecursionConfigCommand({ FunctionName: consumer }),
  )
  assert(RecursiveLoop === 'Allow', `recursive loops of ${consumer}: ${RecursiveLoop}. Deploy again.`)
  return undefined
}

async function checkMappings(stage: string) {
  for (const name of ['sync-consumer', 'dead-letter']) {
    const { EventSourceMappings = [] } = await new LambdaClient().send(
      new ListEventSourceMappingsCommand({ FunctionName: `sales-leads-${stage}-${name}` }),
    )
    const states = EventSourceMappings.map(({ State }) => State).join()
    assert(states === 'Enabled', `the queue of ${name} is not read: ${states || 'no mapping'}`)
  }
  return undefined
}

async function checkDeadLetters(name: string) {
  const client = new SQSClient()
  const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: name }))
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
  )
  const waiting = Number(Attributes?.ApproximateNumberOfMessages)
  assert(waiting === 0, `${waiting} dead letters wait. See \`leads syncs redrive\`.`)
  return undefined
}
