/** Who has paused a target (`user@host`, or as the API knows them), when (ms since the epoch), and why. */
export interface Pause {
  by: string;
  at: number;
  reason?: string;
}

/** Whether a target is paused by a person: the same for every replica. */
export interface Pauses {
  read(): Promise<Pause | undefined>;
}
