import { type Resource, SECRET_MARK, type Stack } from './synthesize.ts'

/** Looking into a synthesised stack. Inputs of resources are JSON; a path that is not there is undefined. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

export const ofType = (stack: Stack, type: string): Resource[] =>
  stack.resources.filter((resource) => resource.type === type)

export function only(stack: Stack, type: string, name: string): Resource {
  const found = stack.resources.find((resource) => resource.type === type && resource.name === name)
  if (!found) throw new Error(`There is no ${type} ${name}.`)
  return found
}

/** `inputs.a.b.0.c` by path. */
export function at(resource: Resource, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined | null)?.[key], resource.inputs)
}

export interface Statement {
  effect: string
  actions: string[]
  resources: string[]
  /** The role it belongs to. */
  role: string
}

/** Every statement of every inline policy of a role. */
export function statementsOf(role: Resource): Statement[] {
  const policies = (role.inputs.inlinePolicies ?? []) as { policy: string }[]
  return policies.flatMap(({ policy }) =>
    (JSON.parse(policy) as { Statement: Partial<Statement>[] }).Statement.map(
      ({ effect = 'Allow', actions = [], resources = [] }) => ({ effect, actions, resources, role: role.name }),
    ),
  )
}

export const lambdas = (stack: Stack): Resource[] => ofType(stack, 'aws:lambda/function:Function')

/** `ApifyWebhookFunction` of the function named `apify-webhook`. */
export const componentOf = (name: string): string =>
  name.replace(/(^|-)([a-z])/g, (_match, _dash, letter: string) => letter.toUpperCase())

export function lambda(stack: Stack, name: string): Resource {
  return only(stack, 'aws:lambda/function:Function', `${componentOf(name)}Function`)
}

export const roleOf = (stack: Stack, name: string): Resource =>
  only(stack, 'aws:iam/role:Role', `${componentOf(name)}Role`)

export const region = 'eu-central-1'
export const account = '123456789012'
export const arn = (service: string, resource: string): string => `arn:aws:${service}:${region}:${account}:${resource}`

/** All text in the inputs of a resource that is not marked as secret, with the paths to it. */
export function plainTexts(value: unknown, path = ''): { path: string; text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }]
  if (typeof value !== 'object' || value === null || SECRET_MARK in value) return []
  return Object.entries(value).flatMap(([key, each]) => plainTexts(each, path ? `${path}.${key}` : key))
}

export const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)
