// The signatures of hosting and options that silo/Orleans uses (Microsoft.Orleans.Runtime, .Core, .Clustering.Redis).
using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;

namespace Orleans.Hosting
{
    /// <summary>Composes a silo.</summary>
    public interface ISiloBuilder
    {
        /// <summary>The services of the host.</summary>
        IServiceCollection Services { get; }

        /// <summary>The settings of the host.</summary>
        IConfiguration Configuration { get; }
    }
}

namespace Orleans.Configuration
{
    /// <summary>Which cluster.</summary>
    public class ClusterOptions
    {
        /// <summary>Silos with equal ids form one cluster.</summary>
        public string ClusterId { get; set; } = "";

        /// <summary>Names the state that the cluster keeps.</summary>
        public string ServiceId { get; set; } = "";
    }

    /// <summary>How calls travel.</summary>
    public abstract class MessagingOptions
    {
        /// <summary>How long a call may take.</summary>
        public TimeSpan ResponseTimeout { get; set; }
    }

    /// <summary>How calls of a silo travel.</summary>
    public class SiloMessagingOptions : MessagingOptions;

    /// <summary>Where a silo listens.</summary>
    public class EndpointOptions
    {
        /// <summary>What others are told.</summary>
        public IPAddress AdvertisedIPAddress { get; set; } = IPAddress.None;

        /// <summary>Port for silos.</summary>
        public int SiloPort { get; set; }

        /// <summary>Port for clients; 0 for none.</summary>
        public int GatewayPort { get; set; }

        /// <summary>Where the silo port is bound.</summary>
        public IPEndPoint? SiloListeningEndpoint { get; set; }

        /// <summary>Where the gateway port is bound.</summary>
        public IPEndPoint? GatewayListeningEndpoint { get; set; }
    }

    /// <summary>How dead silos are noticed.</summary>
    public class ClusterMembershipOptions
    {
        /// <summary>How long a probe may take.</summary>
        public TimeSpan ProbeTimeout { get; set; }

        /// <summary>Probes that may go missing.</summary>
        public int NumMissedProbesLimit { get; set; }

        /// <summary>Silos that must agree.</summary>
        public int NumVotesForDeathDeclaration { get; set; }
    }
}

namespace Microsoft.Extensions.Hosting
{
    /// <summary>Adds a silo to a host.</summary>
    public static class OrleansSiloGenericHostExtensions
    {
        /// <summary>Adds a silo.</summary>
        public static IHostApplicationBuilder UseOrleans(
            this IHostApplicationBuilder hostAppBuilder, Action<ISiloBuilder> configureDelegate) =>
            throw new NotSupportedException();
    }

    /// <summary>Membership in Redis.</summary>
    public static class RedisClusteringISiloBuilderExtensions
    {
        /// <summary>Keeps the membership in Redis.</summary>
        public static ISiloBuilder UseRedisClustering(this ISiloBuilder builder, string redisConnectionString) =>
            throw new NotSupportedException();
    }
}
