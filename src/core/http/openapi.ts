import { z } from 'zod'
import type { Route } from '../module/types.ts'

/** OpenAPI 3.1 of the route table: each POST takes its input as a form or as JSON of the same shape. */
export function openapiOf(routes: readonly Route[], about: { title: string; url: string }): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}').replace(/\*$/, '{path}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: about.title,
      version: '1',
      description: 'Ask with `Accept: application/json` for data instead of pages.',
    },
    servers: [{ url: about.url }],
    paths,
    components: { schemas: { Problem: problemSchema } },
  }
}

const problemSchema = {
  type: 'object',
  description: 'RFC 9457 problem.',
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string' },
    errors: {
      type: 'array',
      items: { type: 'object', properties: { pointer: { type: 'string' }, detail: { type: 'string' } } },
    },
  },
}

function operationOf(route: Route): Record<string, unknown> {
  const schema = route.input && schemaOf(route.input)
  const problem = {
    description: 'Refused',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  }
  return {
    summary: route.summary,
    'x-permission': route.permission,
    parameters: [...pathParameters(route.path), ...(route.method === 'GET' ? queryParameters(schema) : [])],
    ...(route.method === 'POST' && schema ? { requestBody: bodyOf(schema) } : {}),
    responses: {
      200: { description: 'Done' },
      ...(route.method === 'POST' ? { 303: { description: 'Done; see the page' } } : {}),
      default: problem,
    },
  }
}

function schemaOf(input: z.ZodType): Record<string, unknown> {
  return z.toJSONSchema(input, { io: 'input', unrepresentable: 'any', cycles: 'ref' }) as Record<string, unknown>
}

const bodyOf = (schema: Record<string, unknown>) => ({
  required: true,
  content: Object.fromEntries(
    ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'].map((m) => [m, { schema }]),
  ),
})

function pathParameters(path: string): unknown[] {
  const names = [...path.matchAll(/:(\w+)/g)].map((m) => m[1])
  return [...names, ...(path.endsWith('*') ? ['path'] : [])].map((name) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
}

function queryParameters(schema: Record<string, unknown> | undefined): unknown[] {
  const required = (schema?.required ?? []) as string[]
  return Object.entries((schema?.properties ?? {}) as Record<string, unknown>).map(([name, of]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema: of,
  }))
}
