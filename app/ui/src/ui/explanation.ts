import { createContext } from 'react';

import { explainQuery, type ExplanationQuery } from '../api/queries';

/** Where the SQL of the numbers on a page comes from; a page about somebody else says so for all its numbers. */
export const ExplanationContext = createContext<ExplanationQuery>(explainQuery);
