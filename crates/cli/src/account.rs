//! Whose requests these are and where they go: from options, a profile and the environment. Everything that is
//! missing or wrong is reported at once.

use std::num::NonZeroU32;

use clap::Args;
use trtc_call::{BaseUrl, Problem, Region, SdkAppId, SecretKey, UserId};

use crate::emulated;
use crate::secret_key::SecretKeyArg;
use crate::setting::{Found, Setting};

/// The application's number and its key: enough to sign.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Account")]
pub(crate) struct AppArgs {
    /// SDKAppID of the application [env: TRTC_SDKAPPID]
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true)]
    sdkappid: Option<String>,
    #[command(flatten)]
    pub(crate) secret_key: SecretKeyArg,
}

impl AppArgs {
    pub(crate) fn sdk_app_id(&self) -> Result<SdkAppId, Problem> {
        SDK_APP_ID.read(self.sdkappid.as_deref(), str::parse)
    }
}

/// The application's number alone.
#[derive(Debug, Args)]
#[command(next_help_heading = "Account")]
pub(crate) struct SdkAppIdArg {
    /// SDKAppID of the application [env: TRTC_SDKAPPID]
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true)]
    sdkappid: Option<String>,
}

impl SdkAppIdArg {
    pub(crate) fn read(&self) -> Result<SdkAppId, Problem> {
        SDK_APP_ID.read(self.sdkappid.as_deref(), str::parse)
    }

    /// The same, or where nothing gives it the emulator's application.
    pub(crate) fn read_or_demo(&self) -> Result<SdkAppId, Problem> {
        match SDK_APP_ID.read_if_given(self.sdkappid.as_deref(), str::parse)? {
            Some(app) => Ok(app),
            None => emulated::demo_sdk_app_id(),
        }
    }
}

/// An App admin of the application: enough to run a service for it.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Account")]
pub(crate) struct AdminArgs {
    #[command(flatten)]
    pub(crate) app: AppArgs,
    /// App admin account that the requests are made as [env: TRTC_ADMIN]
    #[arg(long, value_name = "USER")]
    admin: Option<String>,
    #[command(flatten)]
    pub(crate) user_ids: UserIdRule,
}

/// Everything that a request to the service needs.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Account")]
pub(crate) struct AccountArgs {
    #[command(flatten)]
    pub(crate) admin: AdminArgs,
    /// Region the application was made in: china, singapore, seoul, tokyo, frankfurt, silicon-valley or
    /// jakarta [env: TRTC_REGION]
    #[arg(long, value_name = "NAME")]
    region: Option<String>,
    /// Base URL instead of a region: a proxy, or a running emulator [env: TRTC_BASE_URL]
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    #[command(flatten)]
    pub(crate) plain_http: PlainHttpRule,
    #[command(flatten)]
    traffic: TrafficArgs,
}

/// How requests go out.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct TrafficArgs {
    /// Do not turn to the region's backup host when no connection can be made to the other
    #[arg(long)]
    pub(crate) no_backup_host: bool,
    /// The most requests per second of each command, where the application's limit was raised or others
    /// share it [default: 200, the vendor's]
    #[arg(long, value_name = "NUMBER", value_parser = str::parse::<NonZeroU32>)]
    requests_per_second: Option<NonZeroU32>,
}

impl TrafficArgs {
    /// Other than the client's default.
    pub(crate) fn requests_per_second(&self) -> Option<NonZeroU32> {
        self.requests_per_second
    }
}

/// Whom the requests are made as.
#[derive(Debug, Clone)]
pub(crate) struct Credentials {
    pub(crate) sdk_app_id: SdkAppId,
    pub(crate) secret_key: SecretKey,
    pub(crate) admin: UserId,
}

/// Whom the requests are made as, and where they go.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) credentials: Credentials,
    pub(crate) region: Region,
    pub(crate) traffic: TrafficArgs,
}

impl AccountArgs {
    /// The account, or everything that is missing or wrong.
    pub(crate) fn read(&self) -> Result<Account, Vec<Problem>> {
        let region = self.region();
        match (self.admin.read(), region) {
            (Ok(credentials), Ok(region)) => Ok(Account {
                credentials,
                region,
                traffic: self.traffic.clone(),
            }),
            (credentials, region) => {
                let mut problems = credentials.err().unwrap_or_default();
                problems.extend(region.err());
                Err(problems)
            }
        }
    }

    fn region(&self) -> Result<Region, Problem> {
        match (&self.base_url, &self.region) {
            (Some(_), Some(_)) => Err(Problem::new(
                BASE_URL.option,
                "takes the place of --region",
                "give one of the two",
            )),
            (Some(url), None) => self.custom_region(BASE_URL.option, url),
            (None, Some(name)) => named_region(REGION.option, name),
            (None, None) => match Setting::first_of([&BASE_URL, &REGION])? {
                [Some(Found { field, text }), _] => self.custom_region(&field, &text),
                [None, Some(Found { field, text })] => named_region(&field, &text),
                [None, None] => Err(REGION.missing()),
            },
        }
    }

    fn custom_region(&self, field: &str, url: &str) -> Result<Region, Problem> {
        let base_url = self.plain_http.parse(url);
        base_url
            .map(Region::Custom)
            .map_err(|problem| problem.at(field))
    }
}

/// `--allow-plain-http`.
#[derive(Debug, Clone, Copy, Default, Args)]
pub(crate) struct PlainHttpRule {
    /// Send the UserSig in clear text to a base URL that is neither https nor this machine
    #[arg(long)]
    allow_plain_http: bool,
}

impl PlainHttpRule {
    /// A base URL that is safe for secrets, or any where that was asked for.
    pub(crate) fn parse(self, url: &str) -> Result<BaseUrl, Problem> {
        if self.allow_plain_http {
            return BaseUrl::plain_http(url);
        }
        BaseUrl::new(url).map_err(|mut problem| {
            if BaseUrl::plain_http(url).is_ok() {
                problem.fix =
                    "use https, or add --allow-plain-http if you trust every network on the way"
                        .to_owned();
            }
            problem
        })
    }
}

impl AdminArgs {
    /// The credentials, or everything that is missing or wrong.
    pub(crate) fn read(&self) -> Result<Credentials, Vec<Problem>> {
        Credentials::gather(
            self.app.sdk_app_id(),
            self.app.secret_key.read(),
            self.admin(),
        )
    }

    /// The credentials of an emulator: where nothing is given, those of a demo account.
    pub(crate) fn read_for_emulator(&self) -> Result<Credentials, Vec<Problem>> {
        let AppArgs {
            sdkappid,
            secret_key,
        } = &self.app;
        Credentials::gather(
            if SDK_APP_ID.is_given(sdkappid.as_deref()) {
                self.app.sdk_app_id()
            } else {
                emulated::demo_sdk_app_id()
            },
            if secret_key.is_given() {
                secret_key.read()
            } else {
                emulated::demo_secret_key()
            },
            if ADMIN.is_given(self.admin.as_deref()) {
                self.admin()
            } else {
                emulated::demo_admin()
            },
        )
    }

    fn admin(&self) -> Result<UserId, Problem> {
        ADMIN.read(self.admin.as_deref(), |name| self.user_ids.check(name))
    }
}

impl Credentials {
    fn gather(
        sdk_app_id: Result<SdkAppId, Problem>,
        secret_key: Result<SecretKey, Problem>,
        admin: Result<UserId, Problem>,
    ) -> Result<Credentials, Vec<Problem>> {
        match (sdk_app_id, secret_key, admin) {
            (Ok(sdk_app_id), Ok(secret_key), Ok(admin)) => Ok(Credentials {
                sdk_app_id,
                secret_key,
                admin,
            }),
            (sdk_app_id, secret_key, admin) => {
                Err([sdk_app_id.err(), secret_key.err(), admin.err()]
                    .into_iter()
                    .flatten()
                    .collect())
            }
        }
    }
}

fn named_region(field: &str, name: &str) -> Result<Region, Problem> {
    name.parse().map_err(|problem: Problem| {
        let mut problem = problem.at(field);
        problem.fix = problem.fix.replace("a base URL", "--base-url");
        problem
    })
}

/// `--allow-any-user-id`.
#[derive(Debug, Clone, Copy, Default, Args)]
pub(crate) struct UserIdRule {
    /// Accept user names outside the UserID rule (1 to 32 ASCII letters, digits, `_` and `-`), which older
    /// tenants hold
    #[arg(long)]
    pub(crate) allow_any_user_id: bool,
}

impl UserIdRule {
    /// A name that follows the rule, or any where that was asked for.
    pub(crate) fn check(self, name: &str) -> Result<UserId, Problem> {
        if self.allow_any_user_id {
            Ok(UserId::any(name))
        } else {
            UserId::new(name).map_err(UserIdRule::explain)
        }
    }

    /// The problem with a name, its fix in the words of the command line.
    pub(crate) fn explain(mut problem: Problem) -> Problem {
        problem.fix =
            "use a conforming UserID, or add --allow-any-user-id if your tenant holds such names"
                .to_owned();
        problem
    }
}

const SDK_APP_ID: Setting = Setting {
    option: "--sdkappid",
    variable: "TRTC_SDKAPPID",
    meaning: "the application's number, which the console shows",
};
const ADMIN: Setting = Setting {
    option: "--admin",
    variable: "TRTC_ADMIN",
    meaning: "an account that the console lists as App admin, such as administrator",
};
const REGION: Setting = Setting {
    option: "--region",
    variable: "TRTC_REGION",
    meaning: "china, singapore, seoul, tokyo, frankfurt, silicon-valley or jakarta",
};
const BASE_URL: Setting = Setting {
    option: "--base-url",
    variable: "TRTC_BASE_URL",
    meaning: "instead of a region",
};
