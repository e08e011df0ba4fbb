'use strict'

/**
 * Objects that others hold, for as long as they do.
 *
 * @template {object} T
 */
class Living {
  /** @type {Set<WeakRef<T>>} */
  #references = new Set()
  /** @type {FinalizationRegistry<WeakRef<T>>} */
  #collected = new FinalizationRegistry((reference) => this.#references.delete(reference))

  /** @param {T} value */
  add(value) {
    const reference = new WeakRef(value)
    this.#references.add(reference)
    this.#collected.register(value, reference)
    return value
  }

  *[Symbol.iterator]() {
    for (const reference of this.#references) {
      const value = reference.deref()
      if (value !== undefined) yield value
    }
  }
}

module.exports = { Living }
