'use strict'

/** @type {import('./index.js').Recipe[]} */
module.exports = [
  {
    library: 'nodemailer',
    peer: 'smtp',
    since: 20,
    code: async ({ store, host, port }) => {
      const nodemailer = require('nodemailer')
      const transport = nodemailer.createTransport({ host, port, secure: true, tls: store.connectOptions() })
      await transport.verify()
    },
    reached: true,
    unchanged: async ({ host, port }) => {
      const nodemailer = require('nodemailer')
      await nodemailer.createTransport({ host, port, secure: true }).verify()
    },
  },
  {
    library: 'nodemailer',
    title: 'STARTTLS',
    peer: 'startTls',
    since: 20,
    code: async ({ store, host, port }) => {
      const nodemailer = require('nodemailer')
      const transport = nodemailer.createTransport({ host, port, requireTLS: true, tls: store.connectOptions() })
      await transport.verify()
    },
    reached: true,
    unchanged: async ({ host, port }) => {
      const nodemailer = require('nodemailer')
      await nodemailer.createTransport({ host, port, requireTLS: true }).verify()
    },
  },
  {
    library: 'mqtt',
    peer: 'mqtt',
    code: async ({ store, url }) => {
      const mqtt = require('mqtt')
      const client = await mqtt.connectAsync(url, store.connectOptions())
      await client.endAsync()
    },
    reached: true,
    unchanged: async ({ url }) => {
      const client = await require('mqtt').connectAsync(url)
      await client.endAsync()
    },
  },
  {
    library: 'amqplib',
    peer: 'amqp',
    toldBy: 'peer',
    code: async ({ store, url }) => {
      const amqp = require('amqplib')
      const connection = await amqp.connect(url, store.connectOptions())
      await connection.close()
    },
    reached: true,
    unchanged: async ({ url }) => {
      await require('amqplib').connect(url)
    },
  },
  {
    library: 'kafkajs',
    peer: 'kafka',
    toldBy: 'peer',
    code: async ({ store, host, port }) => {
      const { Kafka } = require('kafkajs')
      const kafka = new Kafka({ brokers: [`${host}:${port}`], ssl: store.connectOptions(), retry: { retries: 0 } })
      const admin = kafka.admin()
      await admin.connect().finally(() => admin.disconnect())
    },
    reached: true,
    unchanged: async ({ host, port }) => {
      const { Kafka } = require('kafkajs')
      const admin = new Kafka({ brokers: [`${host}:${port}`], ssl: true, retry: { retries: 0 } }).admin()
      await admin.connect().finally(() => admin.disconnect())
    },
  },
  {
    library: 'ldapts',
    peer: 'ldap',
    since: 20,
    code: async ({ store, url }) => {
      const { Client } = require('ldapts')
      const client = new Client({ url, tlsOptions: store.connectOptions() })
      await client.bind('cn=reader,dc=example,dc=com', 'password').finally(() => client.unbind())
    },
    reached: true,
    unchanged: async ({ url }) => {
      const { Client } = require('ldapts')
      const client = new Client({ url })
      await client.bind('cn=reader,dc=example,dc=com', 'password').finally(() => client.unbind())
    },
  },
]
