'use strict'

// A connection that the core has made, through a proxy or past a preamble, as a stream for `tls.connect({ socket })`.

const { Duplex } = require('node:stream')

class Tunnel extends Duplex {
  #transport

  /** @param {import('../../binding.js').NativeTransport} transport Open. */
  constructor(transport) {
    super({ allowHalfOpen: false })
    this.#transport = transport
  }

  /** @override */
  _read() {
    this.#transport.read().then(({ octets, error }) => {
      if (error === undefined) this.push(octets ?? null)
      else this.destroy(Object.assign(new Error(`read ${error}`), { code: error, syscall: 'read' }))
    }, (error) => this.destroy(error))
  }

  /**
   * @override
   * @param {Buffer} chunk
   * @param {BufferEncoding} _encoding
   * @param {(error?: Error | null) => void} done
   */
  _write(chunk, _encoding, done) {
    // That the connection has ended is what reading tells, with its reason.
    this.#transport.write(chunk).then(() => done(), done)
  }

  /**
   * @override
   * @param {Error | null} error
   * @param {(error?: Error | null) => void} done
   */
  _destroy(error, done) {
    this.#transport.close()
    done(error)
  }
}

module.exports = { Tunnel }
