import sqlMapper from '@platformatic/sql-mapper'
import sqlOpenApi from '@platformatic/sql-openapi'
import fastify from 'fastify'

/** The two plugins behind Platformatic DB's REST API, on ten connections. It checks no key and writes no event. */
const app = fastify()
app.register(sqlMapper, { connectionString: process.env.DATABASE_URL, poolSize: 10 })
app.register(sqlOpenApi)
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' })
console.log('ready')
