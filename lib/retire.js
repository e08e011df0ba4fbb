'use strict'

/** What was in use when its agent was told to retire it. @type {WeakMap<import('node:https').Agent, WeakSet<object>>} */
const retired = new WeakMap()

/** @param {import('node:https').Agent['sockets']} sockets */
const all = (sockets) => Object.values(sockets).flatMap((some) => some ?? [])

/**
 * Lets an agent use none of its connections for another request: those that wait for one end now, those in use when they are done.
 *
 * @param {import('node:https').Agent} agent
 */
function retire(agent) {
  let old = retired.get(agent)
  if (old === undefined) {
    const sockets = (old = new WeakSet())
    retired.set(agent, sockets)
    // Before the agent's own listener, which hands the connection to the next request or keeps it, unless it has ended.
    agent.prependListener('free', (/** @type {import('node:net').Socket} */ socket) => {
      if (sockets.has(socket)) socket.destroy()
    })
  }
  for (const socket of all(agent.sockets)) old.add(socket)
  for (const socket of all(agent.freeSockets)) socket.destroy()
}

module.exports = { retire }
