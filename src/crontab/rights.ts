/** Does something with the rights that it takes, such as root’s where they were put aside; only while `work` has not returned. */
export type Rights = <T>(work: () => T) => T;

/** Nothing more than what the process has. */
export const ownRights: Rights = (work) => work();
