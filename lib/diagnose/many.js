'use strict'

/**
 * Calls `work` for every item, no more than some at a time; begins no further one once `isOver` says so.
 *
 * @template Item
 * @param {readonly Item[]} items
 * @param {number} concurrency
 * @param {(item: Item, index: number) => Promise<void>} work
 * @param {() => boolean} [isOver]
 */
async function someAtATime(items, concurrency, work, isOver = () => false) {
  let next = 0
  const worker = async () => {
    while (next < items.length && !isOver()) {
      const index = next++
      await work(/** @type {Item} */ (items[index]), index)
    }
  }
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker))
}

module.exports = { someAtATime }
