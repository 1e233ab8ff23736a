import {z} from 'zod';

/** One secret, or two while it is rotated: the first that the service takes is used. */
export const secretSchema = z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(2)]);
