/** A round, and the server that leads it. */
export type Ballot = readonly [round: number, leader: string];

/** Whether `first` is the older one; of one round the names of the leaders decide. */
export function isBefore(first: Ballot, second: Ballot): boolean {
  return first[0] < second[0] || (first[0] === second[0] && first[1] < second[1]);
}

export function isSame(first: Ballot, second: Ballot): boolean {
  return first[0] === second[0] && first[1] === second[1];
}
