export interface paths {
  '/api/auth/signin-link': { post: { requestBody: { content: { 'application/json': { token: string } } } } };
  '/api/me': { get: { responses: { 200: { content: { 'application/json': components['schemas']['Me'] } } } } };
  '/api/tracking/my-stats': {
    get: { responses: { 200: { content: { 'application/json': components['schemas']['MyStats'] } } } };
  };
  '/api/tracking/my-stats/daily': {
    get: { responses: { 200: { content: { 'application/json': components['schemas']['DailyStats'] } } } };
  };
  '/api/tracking/my-opens': {
    get: { responses: { 200: { content: { 'application/json': components['schemas']['MyOpens'] } } } };
  };
  '/api/tracking/my-signature': {
    get: { responses: { 200: { content: { 'application/json': components['schemas']['MySignature'] } } } };
  };
  '/api/tracking/explain': {
    get: { responses: { 200: { content: { 'application/json': components['schemas']['Explanation'] } } } };
  };
}
export interface components {
  schemas: {
    Me: {
      user: {
        id: string; name: string; email: string; role: 'owner' | 'admin' | 'member' | 'analyst';
        department: string | null; jobTitle: string; phone: string; timeZone: string; locale: 'en' | 'ar'; hasPassword: boolean;
      };
      organisation: { id: string; name: string; timeZone: string; locale: 'en' | 'ar' };
      settings: { retentionDays: number; excludeBots: boolean; userTrackingEnabled: boolean; showUserDashboard: boolean };
      csrfToken: string | null;
    };
    Count: { opens: number; unique: number };
    MyStats: {
      today: components['schemas']['Count']; thisWeek: components['schemas']['Count']; thisMonth: components['schemas']['Count'];
      lastWeek: components['schemas']['Count']; lastWeekToDate: components['schemas']['Count'];
      trend: { direction: 'up' | 'down' | 'flat'; percentage: number | null };
      peakHours: { hour: number; day: string; avgOpens: number }[];
      byDevice: { desktop: number; mobile: number; tablet: number };
      notCounted: { opens: number; byReason: { [key: string]: number } };
      timeZone: string; weekStartsOn: number; asOf: string; lastOpenAt: string | null;
    };
    DailyStats: { data: { date: string; opens: number; unique: number }[]; timeZone: string };
    MyOpens: { data: { id: string; at: string; openClass: string; isCounted: boolean; device: string; country: string | null; reasons: string[]; confidence: number }[] };
    MySignature: { html: string; pixelUrl: string | null; isTrackingOn: boolean };
    Explanation: { queries: { name: string; answers: string; parameters: string; sql: string }[] };
  };
}
